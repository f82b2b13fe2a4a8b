"""One SQLite file that holds a task force's photos, results, decisions and audit log."""
