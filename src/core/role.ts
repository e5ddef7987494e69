/** The database's roles: whose rights a connection has (migrations/roles.sql). */

export const ROLES = ['superuser', 'owner', 'desk', 'reader'] as const
export type Role = (typeof ROLES)[number]

/** As the server names them; `fleks` is the superuser of the embedded one. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  superuser: 'fleks',
  owner: 'fleks_owner',
  desk: 'fleks_desk',
  reader: 'fleks_reader',
}
