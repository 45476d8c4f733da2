package io.cadastre.gateway.instance;

import io.cadastre.contracts.events.Engine;
import io.cadastre.gateway.access.Caller;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.page.Limit;
import io.cadastre.gateway.page.Page;
import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.Violations;
import io.cadastre.gateway.version.ETags;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.propertyeditors.CustomCollectionEditor;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Registering instances and changing what is registered. */
@RestController
@RequestMapping("/api/v1/instances")
final class InstanceController {

  private final InstanceRows rows;
  private final InstanceChanges changes;
  private final HostRules hosts;
  private final JsonMapper json;

  InstanceController(InstanceRows rows, InstanceChanges changes, HostRules hosts, JsonMapper json) {
    this.rows = rows;
    this.changes = changes;
    this.hosts = hosts;
    this.json = json;
  }

  /** As they were sent: Spring would part one at its commas, and take an empty one for none. */
  @InitBinder("tag")
  void wholeTags(WebDataBinder binder) {
    binder.registerCustomEditor(List.class, new CustomCollectionEditor(List.class));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping
  Mono<Page<InstanceView>> list(
      @RequestParam @Nullable String search,
      @RequestParam @Nullable String engine,
      @RequestParam(name = "tag", required = false) @Nullable List<String> tags,
      @RequestParam(defaultValue = "false") boolean deleted,
      @RequestParam(defaultValue = "name") String sort,
      @RequestParam @Nullable Integer limit,
      @RequestParam @Nullable String cursor) {
    InstanceList.Sort order =
        InstanceList.Sort.named(sort)
            .orElseThrow(() -> ProblemException.invalid("sort", sort, InstanceList.Sort.names()));
    String searched = search == null || search.isBlank() ? null : search.strip();
    InstanceList asked = new InstanceList(searched, engine(engine), checked(tags), deleted, order);
    return rows.list(asked, Limit.of(limit), cursor);
  }

  /** Empty for what no tag can be would look as if nobody had tagged so. */
  private static List<String> checked(@Nullable List<String> tags) {
    List<String> asked = tags == null ? List.of() : tags;
    Violations violations = new Violations();
    for (String tag : asked) {
      int colon = tag.indexOf(':');
      int key = tag.codePointCount(0, colon < 0 ? tag.length() : colon);
      violations.check(
          key >= 1 && key <= RegistrationRules.TAG_KEY_MAX,
          "tag",
          tag,
          "key:value, or a key alone, of 1 to " + RegistrationRules.TAG_KEY_MAX + " characters");
    }
    violations.refuseIfAny();
    return asked;
  }

  /** By its word: of an enum's constants, Spring would read the names that Java has for them. */
  private @Nullable Engine engine(@Nullable String word) {
    if (word == null) {
      return null;
    }
    Map<String, Engine> words = new LinkedHashMap<>();
    for (Engine each : Engine.values()) {
      words.put(json.convertValue(each, String.class), each);
    }
    Engine named = words.get(word);
    if (named == null) {
      throw ProblemException.invalid("engine", word, String.join(", ", words.keySet()));
    }
    return named;
  }

  @RequiresRole(Role.OPERATOR)
  @PostMapping
  Mono<ResponseEntity<InstanceView>> register(
      @RequestBody InstanceRequest request, @AuthenticationPrincipal Caller caller) {
    Registration registration = RegistrationRules.check(request, hosts);
    return changes
        .register(registration, request.password(), caller)
        .map(instance ->
            ResponseEntity.created(URI.create("/api/v1/instances/" + instance.id()))
                .eTag(ETags.of(instance.version()))
                .body(instance));
  }

  /** Also one that is deleted. */
  @RequiresRole(Role.VIEWER)
  @GetMapping("/{id}")
  Mono<ResponseEntity<InstanceView>> read(@PathVariable long id) {
    return rows.find(id)
        .switchIfEmpty(Mono.error(() -> ProblemException.notFound("instance", id)))
        .map(InstanceController::answer);
  }

  @RequiresRole(Role.OPERATOR)
  @PatchMapping(
      path = "/{id}",
      consumes = {"application/merge-patch+json", MediaType.APPLICATION_JSON_VALUE})
  Mono<ResponseEntity<InstanceView>> change(
      @PathVariable long id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestBody ObjectNode patch,
      @AuthenticationPrincipal Caller caller) {
    return changes
        .update(id, ifMatch, before -> edited(before, patch), caller)
        .map(InstanceController::answer);
  }

  private InstanceChanges.Edit edited(InstanceView before, ObjectNode patch) {
    Registration there = before.registration();
    ObjectNode current = json.valueToTree(InstanceRequest.of(there));
    InstanceRequest request = read(MergePatch.apply(current, patch));
    Registration wanted = RegistrationRules.check(request, hosts);
    if (wanted.engine() != there.engine()) {
      throw ProblemException.invalid(
          "engine",
          patch.get("engine").asString(),
          json.convertValue(there.engine(), String.class) + "; register another instance instead");
    }
    boolean passwordGiven = patch.has("password");
    if (!passwordGiven && before.hasPassword() && there.exposesPasswordIn(wanted)) {
      throw ProblemException.invalid(
          "password", null, "the password again, since it would go elsewhere or less protected");
    }
    return new InstanceChanges.Edit(wanted, passwordGiven, request.password());
  }

  private InstanceRequest read(ObjectNode tree) {
    try {
      return json.treeToValue(tree, InstanceRequest.class);
    } catch (JacksonException e) {
      throw ProblemException.unreadable(e);
    }
  }

  /** Hides it and ends work on it; its history stays. */
  @RequiresRole(Role.OPERATOR)
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  Mono<Void> delete(
      @PathVariable long id,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @AuthenticationPrincipal Caller caller) {
    return changes.delete(id, ifMatch, caller);
  }

  @RequiresRole(Role.OPERATOR)
  @PostMapping("/{id}/restore")
  Mono<ResponseEntity<InstanceView>> restore(
      @PathVariable long id, @AuthenticationPrincipal Caller caller) {
    return changes.restore(id, caller).map(InstanceController::answer);
  }

  private static ResponseEntity<InstanceView> answer(InstanceView instance) {
    return ResponseEntity.ok().eTag(ETags.of(instance.version())).body(instance);
  }
}
