import { joinCatalogues } from './join-catalogues';

/** Without those of `load-messages.ts`. */
export const messages = joinCatalogues(
  import.meta.glob(
    ['./es/*.po', '!./es/{contacts,explain,groups,guides,hand-over,health,held,mapping,requests,setup-guide,users}.po'],
    {
      eager: true,
      import: 'messages',
    },
  ),
);
