-- The role of the application: a login role of a service is made a member of it. Roles belong to the cluster, hence the
-- tolerance for one that is there already or is being made for another database at this moment.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sakip_app') THEN
        CREATE ROLE sakip_app NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL;
END
$$;
