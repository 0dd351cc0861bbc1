-- What PostgreSQL needs beside the tables. Statements are parted by an empty line; all may be run again.
CREATE SCHEMA IF NOT EXISTS vault;

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- One index for all would be of no use: behind a policy PostgreSQL compares no pattern before the policy's own.
DROP INDEX IF EXISTS entities_trigrams;

-- The role that reads. It owns nothing, logs in nowhere and passes no policy by.
DO $$ BEGIN
  CREATE ROLE chokepoint_reader NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$ BEGIN EXECUTE format('GRANT chokepoint_reader TO %I', current_user); END $$;

DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO chokepoint_reader', current_schema()); END $$;

-- Not the facts, which hold the atlas's secret; not the witnessed logs, which are the server's own.
GRANT SELECT ON organisations, batches, records, tree, checkpoints, others, ids_sorted, ids_fresh, names,
  entities, captures, provenances, markings, marking_terms, circles,
  memberships, claims, shown, votes, recalls, sames, subject_keys TO chokepoint_reader;

-- The markings that the viewer of this transaction may see; none where nobody has said so.
CREATE OR REPLACE FUNCTION visible_markings() RETURNS bigint[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_to_array(nullif(current_setting('chokepoint.visible', true), ''), ',')::bigint[], '{}')
$$;

-- The names under which this viewer is in circles, and the circles that it may read whole.
CREATE OR REPLACE FUNCTION visible_names() RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY(SELECT jsonb_array_elements_text(
    coalesce(nullif(current_setting('chokepoint.names', true), ''), '[]')::jsonb))
$$;

CREATE OR REPLACE FUNCTION visible_scopes() RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY(SELECT jsonb_array_elements_text(
    coalesce(nullif(current_setting('chokepoint.scopes', true), ''), '[]')::jsonb))
$$;

-- How far markings are numbered, hidden ones too: a kept map grows only by what came after it.
CREATE OR REPLACE FUNCTION newest_marking() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
  AS $$ SELECT coalesce(max(number), 0) FROM markings $$;

-- What a pattern fits under the markings given, of which the viewer must see each. It reads what they show alone, by
-- way of the tables that store/shown.py keeps for those that show many, to which the role that reads has no right.
CREATE OR REPLACE FUNCTION searched_for(given bigint[], pattern text) RETURNS SETOF bigint
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  one bigint;
  few bigint[] := '{}';
BEGIN
  FOREACH one IN ARRAY ARRAY(SELECT unnest(given) INTERSECT SELECT unnest(visible_markings())) LOOP
    IF EXISTS (SELECT 1 FROM searched s WHERE s.marking = one) THEN
      RETURN QUERY EXECUTE format('SELECT eid FROM %I WHERE value ILIKE $1', 'search_' || one) USING pattern;
    ELSE
      few := few || one;
    END IF;
  END LOOP;
  RETURN QUERY SELECT s.eid FROM shown s CROSS JOIN LATERAL
    (SELECT 1 FROM entities k WHERE k.eid = s.eid AND k.value ILIKE pattern OFFSET 0) fits WHERE s.marking = ANY (few);
END $$;

-- Nobody's temporary table may stand in for ours in what runs with the owner's rights, and no other program's role
-- may run it: by itself PostgreSQL lets everybody.
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['newest_marking()', 'searched_for(bigint[], text)'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO chokepoint_reader', name);
  END LOOP;
END $$;

-- The owner appends and verifies: a policy lets it, since FORCE holds owners to policies too.
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['records', 'others', 'ids_sorted', 'ids_fresh', 'names', 'entities', 'captures',
                              'provenances', 'claims', 'shown', 'votes', 'recalls', 'sames', 'subject_keys', 'markings',
                              'marking_terms', 'circles', 'memberships'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('DROP POLICY IF EXISTS appender ON %I', name);
    EXECUTE format('CREATE POLICY appender ON %I TO %I USING (true) WITH CHECK (true)', name, current_user);
    EXECUTE format('DROP POLICY IF EXISTS viewer ON %I', name);
  END LOOP;
END $$;

CREATE POLICY viewer ON provenances FOR SELECT TO chokepoint_reader
  USING (marking = ANY ((SELECT visible_markings())::bigint[]));

CREATE POLICY viewer ON captures FOR SELECT TO chokepoint_reader
  USING (marking = ANY ((SELECT visible_markings())::bigint[]));

CREATE POLICY viewer ON votes FOR SELECT TO chokepoint_reader
  USING (marking = ANY ((SELECT visible_markings())::bigint[]));

CREATE POLICY viewer ON recalls FOR SELECT TO chokepoint_reader
  USING (marking = ANY ((SELECT visible_markings())::bigint[]));

CREATE POLICY viewer ON subject_keys FOR SELECT TO chokepoint_reader
  USING (EXISTS (SELECT 1 FROM entities e WHERE e.eid = subject_keys.eid));

CREATE POLICY viewer ON sames FOR SELECT TO chokepoint_reader
  USING (marking = ANY ((SELECT visible_markings())::bigint[]));

CREATE POLICY viewer ON others FOR SELECT TO chokepoint_reader
  USING (marking = ANY ((SELECT visible_markings())::bigint[]));

CREATE POLICY viewer ON claims FOR SELECT TO chokepoint_reader
  USING (marking = ANY ((SELECT visible_markings())::bigint[]));

CREATE POLICY viewer ON shown FOR SELECT TO chokepoint_reader
  USING (marking = ANY ((SELECT visible_markings())::bigint[]));

-- A subquery in a policy is under the policies of what it reads.
CREATE POLICY viewer ON records FOR SELECT TO chokepoint_reader
  USING (EXISTS (SELECT 1 FROM claims c WHERE c.seq = records.seq)
      OR EXISTS (SELECT 1 FROM others o WHERE o.seq = records.seq));

CREATE POLICY viewer ON ids_sorted FOR SELECT TO chokepoint_reader
  USING (EXISTS (SELECT 1 FROM records r WHERE r.seq = ids_sorted.seq));

CREATE POLICY viewer ON ids_fresh FOR SELECT TO chokepoint_reader
  USING (EXISTS (SELECT 1 FROM records r WHERE r.seq = ids_fresh.seq));

CREATE POLICY viewer ON entities FOR SELECT TO chokepoint_reader
  USING (EXISTS (SELECT 1 FROM shown s WHERE s.eid = entities.eid
    AND s.marking = ANY ((SELECT visible_markings())::bigint[])));

-- Origins are known by the claims that name them; kinds, properties and record kinds are words of ours.
CREATE POLICY viewer ON names FOR SELECT TO chokepoint_reader
  USING (space <> 3 OR number IN (SELECT origin FROM provenances));

CREATE POLICY viewer ON markings FOR SELECT TO chokepoint_reader
  USING (number = ANY ((SELECT visible_markings())::bigint[]));

CREATE POLICY viewer ON marking_terms FOR SELECT TO chokepoint_reader
  USING (marking = ANY ((SELECT visible_markings())::bigint[]));

CREATE POLICY viewer ON circles FOR SELECT TO chokepoint_reader
  USING (scope = ANY ((SELECT visible_scopes())::text[]));

-- Of memberships one's own, those of one's circles, and which entities of one's map are withheld.
CREATE POLICY viewer ON memberships FOR SELECT TO chokepoint_reader
  USING (member = ANY ((SELECT visible_names())::text[])
      OR scope = ANY ((SELECT visible_scopes())::text[])
      OR (scope = 'withheld' AND EXISTS (
        SELECT 1 FROM entities e JOIN names n ON n.number = e.kind AND n.space = 1
        WHERE e.value = substr(member, strpos(member, chr(31)) + 1)
          AND n.name = split_part(member, chr(31), 1))));
