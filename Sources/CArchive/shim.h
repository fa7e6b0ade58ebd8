// libarchive as Debian's libarchive-dev installs it: tar files and zstd.
#include <archive.h>
#include <archive_entry.h>
