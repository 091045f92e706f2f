#include <gcrypt.h>

/* gcry_control takes variable arguments, which Swift cannot call. No secure memory: it locks pages, and what is hashed here
   lies in ordinary memory before and after. Returns 0 where the library is not as new as its header. */
static inline int gcrypt_begin(void) {
    if (!gcry_check_version(GCRYPT_VERSION)) return 0;
    if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P)) return 1;
    gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    return 1;
}
