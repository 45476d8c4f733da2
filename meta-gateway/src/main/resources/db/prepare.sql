-- Makes a PostgreSQL 18 database ready for Cadastre. Run it once, as a superuser or a role with CREATEROLE that owns the
-- database, in the database that is to hold the metadata; running it again does no harm:
--
--   createdb cadastre && psql -d cadastre -f prepare.sql
--   psql -d cadastre -c '\password cadastre_owner' -c '\password cadastre_gateway' -c '\password cadastre_reader'
--
-- The gateway gets the first two passwords (cadastre.database.owner-password, cadastre.database.gateway-password); it
-- creates the schema and grants the rights on each table itself. The third is for people and their reports.

DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['cadastre_owner', 'cadastre_gateway', 'cadastre_reader'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', role);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- there already
    END;
  END LOOP;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO cadastre_owner', current_database());
  EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO cadastre_gateway', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO cadastre_reader', current_database());
  EXECUTE format('ALTER ROLE cadastre_reader IN DATABASE %I SET search_path = cadastre', current_database());
  EXECUTE 'REVOKE CREATE ON SCHEMA public FROM PUBLIC';
END $$;
