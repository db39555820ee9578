#pragma once
// A project of several files, as a submission carries it: from a folder, from an archive (tar, also compressed, or zip), or
// from files that are named beside the source.

#include <filesystem>
#include <string>
#include <vector>

#include "protocol/packets.hpp"

namespace rota::client {

// Whether what was named as the source holds a project: a folder, or an archive by its name (.tar, .tar.gz, .tgz, .tar.xz,
// .tar.zst, .zip).
bool is_project(const std::filesystem::path& path);

// Every file of it, with its path inside. Hidden files and folders (".git"), and in an archive its one top folder, are left
// out; what is neither file nor folder is refused. Throws ClientError{kNoInput} where something cannot be read, has no
// name that the wire takes, or passes the bounds of a submission.
std::vector<protocol::ProjectFile> read_project(const std::filesystem::path& path);

// A file (by its own name), or a folder (its files by their paths from the folder's own name on).
std::vector<protocol::ProjectFile> read_companion(const std::filesystem::path& path);

// Takes the main file out of the project and makes it the source. main: as the person named it; empty: the only file of the
// project's own folder whose name begins with "main." (any case). Throws ClientError{kUsage} where there is none.
void set_main_file(protocol::Submit& submit, std::vector<protocol::ProjectFile> files,
                   const std::string& main);

// Throws ClientError{kNoInput} where the files do not fit beside the source.
void check_files(const protocol::Submit& submit);

}  // namespace rota::client
