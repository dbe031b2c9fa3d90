#include "base/bytes.h"

#include <bit>

namespace millrace {

static_assert(std::endian::native == std::endian::little, "ByteReader and ByteWriter copy memory");

}  // namespace millrace
