import type { Plugin } from 'vite';

/** Turns the macros by which the portal marks a text as a message into calls that look it up in the reader's language. */
export function transformMessages(): Plugin;
