#include "base/thread.h"

#include <pthread.h>

#include <exception>
#include <new>
#include <string>
#include <system_error>

namespace millrace {

void NameThread(const char* name) {
  constexpr size_t kNameMax = 15;  // of Linux
  pthread_setname_np(pthread_self(), std::string(name).substr(0, kNameMax).c_str());
}

Status CatchExceptions(const std::function<Status()>& body) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return Status::Transient("out of memory");
  } catch (const std::system_error& error) {
    return Status::Transient(std::string("the system refused: ") + error.what());
  } catch (const std::exception& error) {
    return Status::Permanent(std::string("internal error: ") + error.what());
  }
}

}  // namespace millrace
