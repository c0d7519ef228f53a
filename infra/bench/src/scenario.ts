import type { Sample } from './sample';
import type { World } from './systems/start-world';

/** One of those that a scenario compares: a system, or one system in several situations. */
export interface Contender {
  /** Such as `rollcall` or `rollcall, group of 1,000`; what goals refer to. */
  name: string;
  /** Does one round. Throws when an answer is not the expected one: a wrong answer has no speed. */
  run(): Promise<Sample>;
}

/** A promise about the median, over all rounds, of the ratio `of / against` within each round. */
export interface Goal {
  of: string;
  /** Absent: the promise is about the figure of `of` itself, in its unit. */
  against?: string;
  metric: keyof Sample;
  /** What `metric` is compared with, when that is another figure of `against`. */
  againstMetric?: keyof Sample;
  /** What must hold. */
  atLeast?: number;
  atMost?: number;
  /** Holds also where the figure is above that of `against` by no more than this, in its unit. */
  orWithin?: number;
}

/** A scenario is prepared once; then its contenders run in turn, round by round, in rotating order. */
export interface Scenario {
  /** For the table and `--only`, such as `create user, 16 in flight`. */
  name: string;
  /** Whether `--quick` runs it. */
  quick?: boolean;
  /** Takes so long that it is done once, and only when it is asked for: there are no rounds, and none that warms up. */
  once?: boolean;
  /** What a reader of the results has to know to understand the figures. */
  note?: string;
  prepare(world: World): Promise<{ contenders: Contender[]; goals?: Goal[]; close?: () => Promise<void> }>;
}
