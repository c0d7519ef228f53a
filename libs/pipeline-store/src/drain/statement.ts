/** A statement with its parameters. */
export type Statement = readonly [sql: string, parameters: readonly unknown[]];
