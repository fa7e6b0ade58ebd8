// libzmq's C API as Debian's libzmq3-dev installs it.
#include <zmq.h>

// Without this option a CURVE server lets every key in while no ZAP handler runs, even with a ZAP
// domain set (measured on 4.3.4). The header keeps the number among its draft options; the library
// honours it all the same.
#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93
#endif
