// A GCC plugin for faster builds: "#pragma rota_instantiate" does at once what the end of a unit would do: it instantiates
// the templates that have been used so far. At the end of a precompiled header that spares every source that reads the
// header the same instantiations, about a second each. GCC has no option for it (clang has -fpch-instantiate-templates).
// None of GCC's headers are wanted: these declarations are what gcc-plugin.h and the symbols of cc1plus 12 say.
// judge-node/languages/cpp.json carries the same plugin for the headers of submissions.
int plugin_is_GPL_compatible;
extern int get_named_event_id(const char *, int);
extern void register_callback(const char *, int, void (*)(void *, void *), void *);
extern void c_register_pragma(const char *, const char *, void (*)(void *)) __asm__("_Z17c_register_pragmaPKcS0_PFvP10cpp_readerE");
extern void instantiate_pending_templates(int) __asm__("_Z29instantiate_pending_templatesi");

static void instantiate(void *reader) {
  (void)reader;
  instantiate_pending_templates(0);
}

static void add_pragma(void *event, void *data) {
  (void)event;
  (void)data;
  c_register_pragma(0, "rota_instantiate", instantiate);
}

int plugin_init(void *info, void *version) {
  (void)info;
  (void)version;
  register_callback("rota", get_named_event_id("PLUGIN_PRAGMAS", 0), add_pragma, 0);
  return 0;
}
