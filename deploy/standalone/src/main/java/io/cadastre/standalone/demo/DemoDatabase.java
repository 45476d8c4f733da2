package io.cadastre.standalone.demo;

import java.util.List;

/**
 * A database of the demo.
 *
 * @param scale how many times the blueprint's rows it holds
 * @param growth rows written a second while the demo runs; 0 for none
 * @param rotates begins anew when it is full, as logs do, instead of staying full
 */
record DemoDatabase(String name, Blueprint blueprint, int scale, int growth, boolean rotates) {

  /** What a growing table may hold: it bounds what the demo takes from the disk. */
  static final int ROWS_MAX = 100_000;

  /** The account that Cadastre uses may not look into this one, as happens. */
  static final String PRIVATE = "payroll";

  static final List<DemoDatabase> ON_MARIADB =
      List.of(
          still("shop_eu", Blueprint.SHOP, 3).growing(60),
          still("shop_us", Blueprint.SHOP, 4).growing(90),
          still("shop_apac", Blueprint.SHOP, 2).growing(35),
          still("shop_staging", Blueprint.SHOP, 1),
          still("billing_eu", Blueprint.BILLING, 3).growing(15),
          still("billing_us", Blueprint.BILLING, 3),
          still("billing_apac", Blueprint.BILLING, 1),
          still("warehouse", Blueprint.WAREHOUSE, 4).growing(20),
          still("warehouse_archive_2024", Blueprint.WAREHOUSE, 6),
          still("support", Blueprint.SUPPORT, 2).growing(10),
          still("support_archive", Blueprint.SUPPORT, 3),
          still("content", Blueprint.CONTENT, 2),
          still("content_preview", Blueprint.CONTENT, 1),
          still("intranet", Blueprint.CONTENT, 1),
          still("loyalty", Blueprint.CRM, 2),
          still("newsletter", Blueprint.CRM, 1),
          still("gift-cards", Blueprint.BILLING, 1),
          still("click_log", Blueprint.ANALYTICS, 2).growing(250).rotating(),
          still("template_store", Blueprint.SHOP, 1),
          still("tmp_import", Blueprint.EMPTY, 1),
          still("vorräte", Blueprint.WAREHOUSE, 1),
          still("客户", Blueprint.CRM, 1));

  static final List<DemoDatabase> ON_POSTGRESQL =
      List.of(
          still("crm", Blueprint.CRM, 5).growing(12),
          still("crm_test", Blueprint.CRM, 1),
          still("analytics", Blueprint.ANALYTICS, 5).growing(120),
          still("analytics_staging", Blueprint.ANALYTICS, 1),
          still("telemetry", Blueprint.TELEMETRY, 4).growing(200).rotating(),
          still("telemetry_north", Blueprint.TELEMETRY, 2).growing(40),
          still("people", Blueprint.PEOPLE, 3),
          still(PRIVATE, Blueprint.PEOPLE, 1),
          still("invoicing", Blueprint.BILLING, 3).growing(8),
          still("marketplace", Blueprint.SHOP, 3).growing(25),
          still("helpdesk", Blueprint.SUPPORT, 2),
          still("docs", Blueprint.CONTENT, 2),
          still("forecasting", Blueprint.ANALYTICS, 2),
          still("logistics", Blueprint.WAREHOUSE, 3),
          still("partner-portal", Blueprint.CRM, 1),
          still("scratch", Blueprint.EMPTY, 1));

  private static DemoDatabase still(String name, Blueprint blueprint, int scale) {
    return new DemoDatabase(name, blueprint, scale, 0, false);
  }

  private DemoDatabase growing(int rowsPerSecond) {
    return new DemoDatabase(name, blueprint, scale, rowsPerSecond, rotates);
  }

  private DemoDatabase rotating() {
    return new DemoDatabase(name, blueprint, scale, growth, true);
  }

  boolean grows() {
    return growth > 0;
  }
}
