/** Which webhook endpoint; bare ids. */
export interface EndpointKey {
  environmentId: string;
  endpointId: string;
}
