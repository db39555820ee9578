#pragma once
// Owner of a libuv handle. uv_close ends in the loop's next turn, so the handle lives on the heap and frees
// itself there; its owner may go at any time. Callbacks find their wrapper in handle->data, which is null
// once the wrapper has gone.

#include <uv.h>

#include <memory>

namespace rota::net {

template <typename Handle>
struct CloseHandle {
  void operator()(Handle* handle) const {
    handle->data = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(handle),
             [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
  }
};

// The handle must have been initialised on a loop (uv_…_init) before the pointer is dropped.
template <typename Handle>
using HandlePtr = std::unique_ptr<Handle, CloseHandle<Handle>>;

}  // namespace rota::net
