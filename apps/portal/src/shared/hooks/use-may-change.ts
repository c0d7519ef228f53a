import { createContext, useContext } from 'react';

const MayChangeContext = createContext(true);

/** Says for what is below it whether the reader may change anything: who may not is offered nothing that would be refused. */
export const MayChange = MayChangeContext.Provider;

export function useMayChange(): boolean {
  return useContext(MayChangeContext);
}
