// The first packets of a MySQL connection, server side: greeting, login, change of the plugin
// ("Connection Phase" in the MySQL internals manual).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace::minidoris {

inline constexpr std::string_view kServerVersion = "5.7.99";
// The only plugin that is understood.
inline constexpr std::string_view kAuthPlugin = "mysql_native_password";

struct Login {
  std::string user;
  std::string answer;  // to the salt: empty for an empty password
  std::string database;
  std::string plugin;
};

// The payload that greets connection `number`.
std::string Greeting(uint32_t number);
// Nothing if the payload is not what a client of protocol 4.1 sends.
std::optional<Login> ReadLogin(std::string_view payload);
// The payload that asks the client to answer again, by kAuthPlugin.
std::string SwitchPluginRequest();

}  // namespace millrace::minidoris
