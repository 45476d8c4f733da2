package io.cadastre.gateway.inventory;

import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.inventory.DatabaseList.Filter;
import io.cadastre.gateway.inventory.DatabaseList.Place;
import io.cadastre.gateway.inventory.DatabaseList.Sort;
import io.cadastre.gateway.page.Cursor;
import io.cadastre.gateway.page.Limit;
import io.cadastre.gateway.page.Page;
import io.cadastre.gateway.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

@RestController
@RequestMapping("/api/v1/instances/{id}/databases")
class DatabaseController {

  private static final String LIST = "databases";
  private static final String ALL = "all";
  private static final List<String> STATES = List.of("active", "deleted", "filtered", ALL);

  private final DatabaseList databases;

  DatabaseController(DatabaseList databases) {
    this.databases = databases;
  }

  @GetMapping
  @RequiresRole(Role.VIEWER)
  Mono<Page<RegisteredDatabase>> list(
      @PathVariable long id,
      @RequestParam(name = "state", defaultValue = "active") String state,
      @RequestParam(name = "search", required = false) @Nullable String search,
      @RequestParam(name = "system", required = false) @Nullable Boolean system,
      @RequestParam(name = "sort", defaultValue = "name") String sort,
      @RequestParam(name = "limit", required = false) @Nullable Integer limit,
      @RequestParam(name = "cursor", required = false) @Nullable String cursor) {
    if (!STATES.contains(state)) {
      throw ProblemException.invalid("state", state, String.join(", ", STATES));
    }
    int size = Limit.of(limit);
    Sort order =
        Sort.named(sort).orElseThrow(() -> ProblemException.invalid("sort", sort, Sort.names()));
    String list = LIST + "/" + order.word();
    Place after = cursor == null ? null : place(cursor, list);
    Filter filter = new Filter(state.equals(ALL) ? null : state, search, system, order, after);
    return databases
        .hasInstance(id)
        .switchIfEmpty(Mono.error(() -> ProblemException.notFound("instance", id)))
        .then(databases.find(id, filter, size + 1).collectList())
        .map(found -> Page.of(found, size, last -> cursor(list, order.placeOf(last))));
  }

  private static Cursor cursor(String list, Place place) {
    return Cursor.of(list, String.valueOf(place.size()), place.name());
  }

  private static Place place(String cursor, String list) {
    var values = Cursor.decode(cursor, list, 2).orElseThrow().values();
    String size = values.get(0);
    String name = values.get(1);
    if (size == null || name == null || !size.matches("-1|[0-9]{1,18}")) {
      throw Cursor.refuse(cursor);
    }
    return new Place(Long.parseLong(size), name);
  }
}
