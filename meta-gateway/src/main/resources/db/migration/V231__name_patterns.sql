-- The rule of NamePatterns in contracts, for whole tables: * is any run of characters, ? is one, all else is itself.
CREATE FUNCTION admits_name(name text, include text[], exclude text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (cardinality(include) = 0 OR EXISTS (
          SELECT FROM unnest(include) pattern
          WHERE name COLLATE "C" LIKE replace(replace(replace(replace(replace(
            pattern, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%'), '?', '_')))
   AND NOT EXISTS (
          SELECT FROM unnest(exclude) pattern
          WHERE name COLLATE "C" LIKE replace(replace(replace(replace(replace(
            pattern, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%'), '?', '_'));

-- A changed pattern shows or hides databases at once and never deletes one. A trigger, so that it holds whoever changes it.
CREATE FUNCTION refilter_databases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE instance_databases
  SET filtered = NOT admits_name(name, NEW.include_patterns, NEW.exclude_patterns)
  WHERE instance_id = NEW.id
    AND filtered = admits_name(name, NEW.include_patterns, NEW.exclude_patterns);
  RETURN NULL;
END $$;
CREATE TRIGGER instance_patterns_changed AFTER UPDATE OF include_patterns, exclude_patterns ON instance
  FOR EACH ROW EXECUTE FUNCTION refilter_databases();
