import { joinCatalogues } from './join-catalogues';

/** Without those of `load-messages.ts`. */
export const messages = joinCatalogues(
  import.meta.glob(['./en/*.po', '!./en/{explain,guides,held,mapping,requests}.po'], {
    eager: true,
    import: 'messages',
  }),
);
