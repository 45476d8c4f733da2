package io.cadastre.gateway.inventory;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a scan is held instead of applied, {@code cadastre.inventory.*}.
 *
 * @param maxVanishedShare of the known databases that may vanish at once, 0 to 1
 * @param maxVanished databases may always vanish at once
 */
@ConfigurationProperties("cadastre.inventory")
record InventoryProperties(
    @DefaultValue("0.5") double maxVanishedShare, @DefaultValue("3") int maxVanished) {

  InventoryProperties {
    if (maxVanishedShare < 0 || maxVanishedShare > 1) {
      throw new IllegalArgumentException(
          "cadastre.inventory.max-vanished-share: " + maxVanishedShare + " (allowed: 0 to 1)");
    }
    if (maxVanished < 0) {
      throw new IllegalArgumentException(
          "cadastre.inventory.max-vanished: " + maxVanished + " (allowed: 0 and more)");
    }
  }

  DeletionGuard guard() {
    return new DeletionGuard(maxVanishedShare, maxVanished);
  }
}
