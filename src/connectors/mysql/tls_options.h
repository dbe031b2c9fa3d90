// The options of TLS: those that scripts for Flink carry, of its JDBC driver and of Debezium, and
// the files of our own.
#pragma once

#include "base/diagnostic.h"
#include "connectors/mysql/wire/endpoint.h"
#include "connectors/options.h"

namespace millrace::mysql {

// What a value alone, or the options together, ask for and cannot get. Pure: looks at no file.
void CheckTlsOptions(const Options& options, Diagnostics* diagnostics);

// Of the JDBC driver's mode and Debezium's the one that asks for more: here one connection is as
// the other, in Flink each counts for some of them.
Tls TlsOf(const Options& options);

}  // namespace millrace::mysql
