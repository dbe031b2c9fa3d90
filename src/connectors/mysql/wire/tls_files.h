// The files that a TLS connection needs, looked at before the library does, which says little about
// what is wrong with them.
#pragma once

#include <string>

#include "base/status.h"
#include "connectors/mysql/wire/endpoint.h"

namespace millrace::mysql {

// Permanent error naming the option whose file cannot be read or is not PEM, and how to convert it.
Status CheckTlsFiles(const Tls& tls);

// The file or the folder with the authorities whose certificates are trusted.
std::string AuthoritiesOf(const Tls& tls);

}  // namespace millrace::mysql
