package io.cadastre.kv.snapshot;

/** Numbers of bbolt's file format. All of them are little-endian in the file. */
final class BoltFormat {

  static final int PAGE_BYTES = 4_096;

  /** Page: id (8), flags (2), count (2), pages that follow and belong to it (4). */
  static final int PAGE_HEADER_BYTES = 16;

  static final int FLAGS_AT = 8;
  static final int COUNT_AT = 10;
  static final int OVERFLOW_AT = 12;
  static final int BRANCH_PAGE = 0x01;
  static final int LEAF_PAGE = 0x02;
  static final int META_PAGE = 0x04;
  static final int FREELIST_PAGE = 0x10;

  /** In a leaf: flags (4), place of the key (4), its size (4), size of the value (4). */
  static final int ELEMENT_BYTES = 16;

  static final int BUCKET_ELEMENT = 0x01;

  /** Value of a bucket: its root page (8; 0 = the page follows here), a sequence (8). */
  static final int BUCKET_BYTES = 16;

  static final int MAGIC = 0xED0CDAED;
  static final int VERSION = 2;

  /** Within the meta: what its checksum covers. */
  static final int META_CHECKED_BYTES = 56;

  static final int PAGE_SIZE_AT = 8;
  static final int ROOT_AT = 16;
  static final int FREELIST_AT = 32;
  static final int HIGH_WATER_AT = 40;
  static final int TRANSACTION_AT = 48;

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private BoltFormat() {}

  /** FNV-1a of 64 bits. */
  static long checksum(byte[] meta) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < META_CHECKED_BYTES; i++) {
      hash = (hash ^ (meta[i] & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
