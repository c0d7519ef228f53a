/**
 * For functions whose statements each have an index made for them. They are planned once, for all values: planning over the
 * partitions would cost more than running. And they are planned without regard to how many rows there seem to be, which changes
 * faster than statistics do: a backlog grows from nothing to a hundred thousand within seconds.
 */
export const ALONG_INDEXES = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin', 'sort']
  .map((way) => `SET enable_${way} = off`)
  .concat('SET plan_cache_mode = force_generic_plan')
  .join(' ');

/**
 * An id that is above all there are, whatever the clocks: a statement that says so does not open the partitions of the weeks to
 * come, of which there are more than others.
 */
export const LATEST = `ulid_floor(now() + interval '1 day')`;
