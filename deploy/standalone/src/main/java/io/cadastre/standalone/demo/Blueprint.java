package io.cadastre.standalone.demo;

import static io.cadastre.standalone.demo.Column.Kind.ADDRESS;
import static io.cadastre.standalone.demo.Column.Kind.AMOUNT;
import static io.cadastre.standalone.demo.Column.Kind.CITY;
import static io.cadastre.standalone.demo.Column.Kind.COMPANY;
import static io.cadastre.standalone.demo.Column.Kind.COUNT;
import static io.cadastre.standalone.demo.Column.Kind.DOCUMENT;
import static io.cadastre.standalone.demo.Column.Kind.EMAIL;
import static io.cadastre.standalone.demo.Column.Kind.MOMENT;
import static io.cadastre.standalone.demo.Column.Kind.PERSON;
import static io.cadastre.standalone.demo.Column.Kind.SENTENCE;
import static io.cadastre.standalone.demo.Column.column;
import static io.cadastre.standalone.demo.Column.word;

import java.util.List;

/** The tables of a kind of application; the last table is the one that grows. */
@SuppressWarnings("ImmutableEnumChecker")
enum Blueprint {
  SHOP(
      DemoTable.of(
          "customers",
          800,
          column("name", PERSON),
          column("email", EMAIL),
          column("city", CITY),
          column("joined_at", MOMENT)),
      DemoTable.of(
          "products",
          300,
          column("title", SENTENCE),
          word("category", "books", "garden", "kitchen", "music", "outdoor", "toys"),
          column("price", AMOUNT),
          column("stock", COUNT)),
      DemoTable.of(
          "orders",
          1_500,
          column("customer_id", COUNT),
          word("state", "cart", "paid", "packed", "sent", "returned"),
          column("total", AMOUNT),
          column("ordered_at", MOMENT)),
      DemoTable.of(
          "order_items",
          4_000,
          column("order_id", COUNT),
          column("product_id", COUNT),
          column("price", AMOUNT),
          column("note", SENTENCE))),
  BILLING(
      DemoTable.of(
          "accounts",
          500,
          column("company", COMPANY),
          column("city", CITY),
          column("email", EMAIL)),
      DemoTable.of(
          "invoices",
          1_500,
          column("account_id", COUNT),
          column("amount", AMOUNT),
          word("currency", "EUR", "USD", "CNY", "GBP"),
          column("due_at", MOMENT)),
      DemoTable.of(
          "payments",
          1_200,
          column("invoice_id", COUNT),
          column("amount", AMOUNT),
          word("method", "card", "transfer", "direct debit"),
          column("paid_at", MOMENT)),
      DemoTable.of(
          "ledger_entries",
          4_000,
          column("account_id", COUNT),
          column("amount", AMOUNT),
          column("booked_at", MOMENT),
          column("text", SENTENCE))),
  CRM(
      DemoTable.of("companies", 400, column("name", COMPANY), column("city", CITY)),
      DemoTable.of(
          "contacts",
          900,
          column("name", PERSON),
          column("email", EMAIL),
          column("company_id", COUNT)),
      DemoTable.of(
          "deals",
          600,
          column("company_id", COUNT),
          word("stage", "lead", "offer", "negotiation", "won", "lost"),
          column("value", AMOUNT)),
      DemoTable.of(
          "activities",
          2_500,
          column("contact_id", COUNT),
          word("kind", "call", "mail", "meeting", "visit"),
          column("summary", SENTENCE),
          column("happened_at", MOMENT))),
  ANALYTICS(
      DemoTable.of(
          "campaigns",
          60,
          column("title", SENTENCE),
          column("budget", AMOUNT),
          column("started_at", MOMENT)),
      DemoTable.of(
          "daily_metrics",
          1_800,
          column("campaign_id", COUNT),
          column("visits", COUNT),
          column("sales", AMOUNT)),
      DemoTable.of(
          "events",
          9_000,
          word("name", "page_view", "search", "add_to_cart", "checkout", "sign_up"),
          column("client", ADDRESS),
          column("properties", DOCUMENT),
          column("happened_at", MOMENT))),
  WAREHOUSE(
      DemoTable.of("sites", 25, column("city", CITY), column("manager", PERSON)),
      DemoTable.of("articles", 1_200, column("title", SENTENCE), column("weight_grams", COUNT)),
      DemoTable.of(
          "stock_moves",
          5_000,
          column("article_id", COUNT),
          column("site_id", COUNT),
          column("quantity", COUNT),
          column("moved_at", MOMENT))),
  SUPPORT(
      DemoTable.of("agents", 40, column("name", PERSON), column("email", EMAIL)),
      DemoTable.of(
          "tickets",
          1_500,
          column("subject", SENTENCE),
          word("state", "new", "open", "waiting", "solved"),
          column("opened_at", MOMENT)),
      DemoTable.of(
          "messages",
          5_000,
          column("ticket_id", COUNT),
          column("author", PERSON),
          column("body", DOCUMENT))),
  TELEMETRY(
      DemoTable.of("devices", 600, column("site", CITY), column("address", ADDRESS)),
      DemoTable.of(
          "readings",
          12_000,
          column("device_id", COUNT),
          column("celsius", AMOUNT),
          column("voltage", AMOUNT),
          column("read_at", MOMENT))),
  PEOPLE(
      DemoTable.of(
          "employees",
          400,
          column("name", PERSON),
          column("email", EMAIL),
          column("joined_at", MOMENT)),
      DemoTable.of("salaries", 1_200, column("employee_id", COUNT), column("amount", AMOUNT)),
      DemoTable.of(
          "absences",
          900,
          column("employee_id", COUNT),
          word("reason", "holiday", "illness", "training"),
          column("from_at", MOMENT))),
  CONTENT(
      DemoTable.of("authors", 50, column("name", PERSON), column("email", EMAIL)),
      DemoTable.of(
          "articles",
          500,
          column("title", SENTENCE),
          column("body", DOCUMENT),
          column("published_at", MOMENT)),
      DemoTable.of(
          "revisions",
          1_500,
          column("article_id", COUNT),
          column("body", DOCUMENT),
          column("at", MOMENT))),
  EMPTY();

  private final List<DemoTable> tables;

  Blueprint(DemoTable... tables) {
    this.tables = List.of(tables);
  }

  List<DemoTable> tables() {
    return tables;
  }

  DemoTable growing() {
    return tables.getLast();
  }
}
