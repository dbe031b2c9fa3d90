#include "minidoris/query/result_reader.h"

#include "minidoris/table/convert.h"
#include "minidoris/table/table.h"

namespace millrace::minidoris {
namespace {

MysqlType TypeOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kBoolean:
    case TypeKind::kTinyInt:
      return MysqlType::kTiny;
    case TypeKind::kSmallInt:
      return MysqlType::kShort;
    case TypeKind::kInt:
      return MysqlType::kLong;
    case TypeKind::kBigInt:
      return MysqlType::kLongLong;
    case TypeKind::kFloat:
      return MysqlType::kFloat;
    case TypeKind::kDouble:
      return MysqlType::kDouble;
    case TypeKind::kDecimal:
      return MysqlType::kNewDecimal;
    case TypeKind::kDate:
      return MysqlType::kDate;
    case TypeKind::kDateTime:
      return MysqlType::kDateTime;
    case TypeKind::kVarchar:
      return MysqlType::kVarString;
    case TypeKind::kLargeInt:
    case TypeKind::kChar:
    case TypeKind::kString:
    case TypeKind::kJson:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kStruct:
      return MysqlType::kString;
  }
  return MysqlType::kVarString;
}

}  // namespace

Result<bool> ResultReader::Next() {
  MR_ASSIGN_OR_RETURN(const bool found, statement_.Step());
  if (!started_) FindColumns(found);
  started_ = true;
  return found;
}

void ResultReader::FindColumns(bool has_row) {
  const int count = sqlite3_column_count(statement_.handle());
  for (int i = 0; i < count; ++i) {
    ResultColumn column;
    column.name = sqlite3_column_name(statement_.handle(), i);
    const char* declared = sqlite3_column_decltype(statement_.handle(), i);
    const std::optional<TypeKind> kind = KindOfDeclaration(declared == nullptr ? "" : declared);
    const int stored = has_row ? sqlite3_column_type(statement_.handle(), i) : SQLITE_NULL;
    if (kind) {
      column.type = TypeOf(*kind);
    } else if (stored == SQLITE_INTEGER) {
      column.type = MysqlType::kLongLong;
    } else if (stored == SQLITE_FLOAT) {
      column.type = MysqlType::kDouble;
    }
    single_.push_back(kind == TypeKind::kFloat);
    columns_.push_back(std::move(column));
  }
  values_.resize(columns_.size());
  numbers_.resize(columns_.size());
}

const std::vector<std::optional<std::string_view>>& ResultReader::Row() {
  for (size_t i = 0; i < columns_.size(); ++i) {
    const int at = static_cast<int>(i);
    switch (sqlite3_column_type(statement_.handle(), at)) {
      case SQLITE_NULL:
        values_[i].reset();
        break;
      case SQLITE_FLOAT:
        numbers_[i] = DoubleText(sqlite3_column_double(statement_.handle(), at), single_[i]);
        values_[i] = numbers_[i];
        break;
      case SQLITE_INTEGER:
        numbers_[i] = std::to_string(statement_.Int(at));
        values_[i] = numbers_[i];
        break;
      default:
        values_[i] = statement_.Text(at);
    }
  }
  return values_;
}

}  // namespace millrace::minidoris
