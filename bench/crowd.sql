-- What happened to very many people over 90 days, for SQLite: the newest last, and each line one of
-- a sign-in or of an attempt that failed. Whose it was jumps about, as it does where many sign in.
INSERT INTO events (at, kind, user_id, subject, verdict, ip, browser, detail)
WITH RECURSIVE line(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM line WHERE n < :events)
SELECT strftime('%Y-%m-%d %H:%M:%f000', 'now',
                printf('-%f seconds', (:events - n) * 7776000.0 / :events)),
       CASE n % 8 WHEN 0 THEN 'code.asked' WHEN 1 THEN 'message.sent' WHEN 2 THEN 'code.answered'
                  WHEN 3 THEN 'session.started' WHEN 4 THEN 'code.asked' WHEN 5 THEN 'message.sent'
                  WHEN 6 THEN 'code.answered' ELSE 'limit.reached' END,
       whose.user_id, whose.key,
       CASE n % 8 WHEN 2 THEN 'ACCEPTED' WHEN 6 THEN 'WRONG' ELSE '' END,
       printf('192.0.%d.%d', whose.id * 31 % 256, whose.id * 17 % 256), 'Firefox on Linux', ''
FROM line JOIN identifiers AS whose ON whose.id = 1 + n / 4 * 48271 % :people
