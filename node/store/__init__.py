"""The memory of the hub, and the only room that speaks SQL. `pool.open_database` opens it, `migrate.migrate` brings it
up to date; below, each folder is a subject and each file a family of tables, called by its name:
`posts.get(db, id)`."""
