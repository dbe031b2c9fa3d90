# A program that parses foreign bytes is built so that an overrun is noticed and hard to use: checked
# calls of the C library, canaries on the stack, and addresses of library functions that are written
# once, at the start, of a program that lies anywhere. Not together with sanitizers, which do the same and more.
option(MILLRACE_HARDENING "Stack protector, checked libc calls, full RELRO" ON)

if(MILLRACE_HARDENING)
  add_compile_options(-fstack-protector-strong)
  # The first of the two takes back a level that the compiler may set by itself.
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  # PIE and not PIC, which would forbid inlining across functions that nobody can replace.
  add_compile_options(-fPIE)
  add_link_options(-pie -Wl,-z,relro -Wl,-z,now)
endif()
