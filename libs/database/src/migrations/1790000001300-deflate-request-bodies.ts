import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keeps the bodies of a pack of requests deflated: they resemble each other, and a fifteenth is left of what was written, logged ahead and
 * kept for a month. `deflated_count` is how many requests they are of. A program of version 8 knows neither: where it takes an erased
 * person's requests out of such a pack its statement is refused, and the erasure waits for a newer program, which takes out the bodies too.
 */
export class DeflateRequestBodies1790000001300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query('ALTER TABLE scim_request_packs ADD deflated_bodies bytea, ADD deflated_count smallint');
    await runner.query('ALTER TABLE scim_request_packs ALTER deflated_bodies SET STORAGE EXTERNAL');
    // There is no such row yet: what is added is checked of those to come alone, and no table is read for it.
    await runner.query(`ALTER TABLE scim_request_packs ADD CONSTRAINT scim_request_packs_deflated
      CHECK (deflated_bodies IS NULL OR deflated_count = count) NOT VALID`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE scim_request_packs DROP deflated_bodies, DROP deflated_count');
  }
}
