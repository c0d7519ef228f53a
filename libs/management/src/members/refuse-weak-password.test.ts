import { expect, it } from 'vitest';
import { refuseWeakPassword } from './refuse-weak-password';

const ann = { name: 'Ann Example', email: 'ann.example@acme.test' };
const check = (password: string) => () => refuseWeakPassword(password, ann);
const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'weak_password', message: expect.stringMatching(message) });

it.each([
  'a long walk on the beach',
  'k3#Vw!9z_Qp2',
  'пароль на двенадцать',
  '日本語のとても長い合言葉です',
  'x'.repeat(6) + ' seven words',
])('takes %s, whatever characters it has', (password) => expect(check(password)).not.toThrow());

it('refuses what is too short, in characters, or too long, in bytes', () => {
  expect(check('elevenchars')).toThrow(refused(/at least 12 characters/));
  expect(check('👍'.repeat(11))).toThrow(refused(/at least 12 characters/));
  expect(check('ab '.repeat(90))).toThrow(refused(/at most 256 bytes/));
});

it.each(['ann.example@acme.test', 'Ann Example 1', 'ANN.EXAMPLE123', 'ann example ann'])(
  'refuses %s, which is its own name',
  (password) => expect(check(password)).toThrow(refused(/your name or address/)),
);

it.each([
  'password1234',
  'Password12345!',
  '123456789012',
  '210987654321',
  'abcdefghijklm',
  'qwertyuiop12',
  'aaaaaaaaaaaa',
  'CorrectHorseBatteryStaple',
  'administrator',
  '121212121212',
])('refuses %s, which is guessed at once', (password) => expect(check(password)).toThrow(refused(/well known/)));
