#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

/* How many bytes a memory BIO holds; a macro in the header, which Swift does not see. */
static inline size_t bio_length(BIO *bio) {
    char *bytes;
    long length = BIO_get_mem_data(bio, &bytes);
    return length > 0 ? (size_t)length : 0;
}

/* Answers no password: a key under one is refused instead of asked for on the terminal. */
static inline int pem_no_password(char *buffer, int size, int writing, void *context) {
    (void)buffer; (void)size; (void)writing; (void)context;
    return -1;
}

/* The private key of PEM text without a password; NULL for anything else. */
static inline EVP_PKEY *pem_private_key(BIO *bio) { return PEM_read_bio_PrivateKey(bio, NULL, pem_no_password, NULL); }

/* Writes PKCS #8 in PEM without a password. 1 on success. */
static inline int pem_write_private_key(BIO *bio, EVP_PKEY *key) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
}

/* The SM2 key of an uncompressed point; NULL for bytes that are none. Here and not in Swift, since parameters keep pointers to
   their names and values. */
static inline EVP_PKEY *sm2_public_key(const unsigned char *point, size_t length) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)"SM2", 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)point, length),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    if (!context) return NULL;
    if (EVP_PKEY_fromdata_init(context) != 1 || EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    EVP_PKEY_CTX_free(context);
    return key;
}
