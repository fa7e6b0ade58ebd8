// libsodium: SHA-256, random bytes and constant-time comparison.
#include <sodium.h>
