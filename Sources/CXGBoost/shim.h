// XGBoost's C API as Debian's libxgboost-dev installs it.
#include <xgboost/c_api.h>
