/** Slonik falls back to this driver where none is given, and src/data/pool.ts gives one. */

export function createPgDriverFactory(): never {
  throw new Error("Slonik's own driver is not part of this bundle")
}
