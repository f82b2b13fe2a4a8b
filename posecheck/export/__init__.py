"""What comes out of a case file: tables, a register, a page, evidence sheets, a poster."""
