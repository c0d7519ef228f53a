/** A name after "a" or "an", as it is spoken: `an Okta`, `a OneLogin`. */
export function withArticle(name: string): string {
  return `${/^(?!one)[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`;
}
