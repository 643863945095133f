// Only for regular expressions: patterns here read attackers' text and must not be slow on any of it.
import parser from '@typescript-eslint/parser';
import regexp from 'eslint-plugin-regexp';

export default [
  { ignores: ['dist/**', 'docs/**', 'coverage/**', 'bench/data/**'] },
  {
    files: ['src/**/*.ts'],
    languageOptions: { parser },
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': 'error',
      'regexp/no-super-linear-move': 'error',
      'regexp/no-dupe-disjunctions': 'error',
      'regexp/no-empty-alternative': 'error',
      'regexp/no-useless-quantifier': 'error',
      'regexp/optimal-quantifier-concatenation': 'error',
    },
  },
];
