package io.cadastre.kv.snapshot;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes a B+ tree from entries that come in order: a page of each level is under construction, and
 * a full one is written and becomes an element of the level above.
 */
final class BoltTree {

  private final BoltPages pages;
  private BoltPages.Page leaf = new BoltPages.Page(BoltFormat.LEAF_PAGE);
  private final List<BoltPages.Page> branches = new ArrayList<>();

  BoltTree(BoltPages pages) {
    this.pages = pages;
  }

  void add(byte[] key, byte[] value) {
    if (!leaf.isEmpty() && !leaf.takes(key.length + value.length)) {
      writeLeaf();
    }
    leaf.add(key, value);
  }

  private void writeLeaf() {
    byte[] first = leaf.firstKey();
    long id = pages.append(leaf.encode());
    leaf = new BoltPages.Page(BoltFormat.LEAF_PAGE);
    addChild(0, first, id);
  }

  private void addChild(int level, byte[] firstKey, long child) {
    if (level == branches.size()) {
      branches.add(new BoltPages.Page(BoltFormat.BRANCH_PAGE));
    }
    BoltPages.Page branch = branches.get(level);
    if (!branch.isEmpty() && !branch.takes(firstKey.length)) {
      byte[] first = branch.firstKey();
      long id = pages.append(branch.encode());
      branch = new BoltPages.Page(BoltFormat.BRANCH_PAGE);
      branches.set(level, branch);
      addChild(level + 1, first, id);
    }
    branch.add(firstKey, child);
  }

  /** Writes what is still under construction and says which page is the root. */
  long finish() {
    if (branches.isEmpty()) {
      return pages.append(leaf.encode());
    }
    writeLeaf();
    for (int level = 0; ; level++) {
      BoltPages.Page branch = branches.get(level);
      byte[] first = branch.firstKey();
      long id = pages.append(branch.encode());
      if (level == branches.size() - 1) {
        return id;
      }
      addChild(level + 1, first, id);
    }
  }
}
