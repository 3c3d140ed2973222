"""The memory of the hub, and the only room that speaks SQL. `pool.open_database` opens it, `migrate.migrate` brings it
up to date; every other file is a family of tables, called by its name: `store.posts.get(db, id)`."""
