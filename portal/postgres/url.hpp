#pragma once
// The URL that names a database, which may hold a password: where it comes from, and how it is shown.

#include <cstddef>
#include <filesystem>
#include <string>

namespace rota::portal {

// The file's first line; for a URL that other users of the machine are not to see on the command line. Throws
// std::runtime_error where the file cannot be read, or others than its owner may read it.
std::string read_store_url(const std::filesystem::path& file);

// Where the database is, for people: hosts, port and name, without the password. Throws std::invalid_argument where libpq
// takes the URL for none; its words never hold the URL.
std::string shown_store_url(const std::string& url);

// The same, with the list of its hosts begun `by` places later (and again from the start). Takes what libpq would refuse as it
// is.
std::string rotated_store_url(const std::string& url, std::size_t by);

}  // namespace rota::portal
