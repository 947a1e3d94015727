"""A direct line between two parties: numbered, stored, acknowledged and watched flight notices."""
