/**
 * Which of an endpoint's live secrets signs where there is room for one signature. A receiver has one of them: which, its answers
 * tell, so that while secrets overlap not every event is refused once.
 */
export class SecretTurns {
  private known: string | null = null;

  /**
   * The one to sign with; undefined without any. Before an answer came, the attempts of a delivery take turns.
   * @param secrets live ones, newest first
   * @param attempt the number of the attempt, from 1; one that goes on with an event has that of the one before
   */
  choose(secrets: readonly string[], attempt: number): string | undefined {
    if (this.known !== null && secrets.includes(this.known)) return this.known;
    return secrets[(attempt - 1) % secrets.length];
  }

  /** Takes the answer to what was signed with a secret: after a refusal the next one has its turn. */
  learn(secret: string, secrets: readonly string[], accepted: boolean): void {
    if (accepted) this.known = secret;
    // What was on the way beside it is refused as well, and says nothing new.
    else if (this.known === null || this.known === secret)
      this.known = secrets[(secrets.indexOf(secret) + 1) % secrets.length] ?? null;
  }
}
