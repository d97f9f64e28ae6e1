"""What must hold of the database at any moment: each sentence, and which rows break it.

The names I1 to I10 are those of docs/security.md.
"""

from sqlalchemy import Engine, text

MUST_HOLD = {
    "I1: a code makes one session at most": """
        SELECT challenge_id FROM user_sessions GROUP BY challenge_id HAVING count(*) > 1""",
    "I1: a session rests on an answered code of its own user": """
        SELECT s.id FROM user_sessions s LEFT JOIN challenges c ON c.id = s.challenge_id
        WHERE c.answered_at IS NULL OR c.user_id <> s.user_id""",
    "I1: a sign-in under way is no session yet": """
        SELECT p.id FROM pending_sign_ins p JOIN user_sessions s ON s.challenge_id = p.challenge_id
        WHERE p.ended_at IS NULL""",
    "I2: a counter is given out once": """
        SELECT user_id FROM challenges WHERE method = 'counter' AND user_id IS NOT NULL
        GROUP BY user_id, counter HAVING count(*) > 1""",
    "I2: a user's counter is never behind": """
        SELECT u.id FROM users u JOIN challenges c ON c.user_id = u.id
        WHERE c.method = 'counter' AND c.counter > u.counter""",
    "I3: nothing is accepted once it ran out": """
        SELECT id FROM challenges WHERE answered_at >= expires_at""",
    "I4: five answers are judged at most": """
        SELECT id FROM challenges WHERE tries NOT BETWEEN 0 AND 5""",
    "I4: a sign-in under way is judged by five answers at most": """
        SELECT id FROM pending_sign_ins WHERE tries NOT BETWEEN 0 AND 5""",
    "I4: every wrong answer cost a try": """
        SELECT c.id FROM challenges c JOIN events e ON e.challenge_id = c.id
        WHERE e.verdict = 'WRONG' AND e.at < c.expires_at AND c.closed_at IS NULL
        GROUP BY c.id, c.tries HAVING count(*) > c.tries""",
    "I4: no budget is overdrawn": """
        SELECT subject FROM tallies WHERE times < 0
        OR (limit_name = 'failures_per_user' AND times > 20)
        OR (limit_name = 'failures_per_known_browser' AND times > 10)
        OR (limit_name = 'failures_in_a_row' AND times > 100)""",
    "I7: an accepted code is a session, or as far as one comes where two proofs are asked for": """
        SELECT e.id FROM events e JOIN challenges c ON c.id = e.challenge_id
        LEFT JOIN user_sessions s ON s.challenge_id = c.id
        WHERE e.verdict = 'ACCEPTED' AND s.id IS NULL
        AND NOT EXISTS (SELECT 1 FROM pending_sign_ins p WHERE p.user_id = c.user_id)
        AND (c.door = 'page' OR NOT EXISTS
        (SELECT 1 FROM credentials k WHERE k.user_id = c.user_id))""",
    "I7: a session is an accepted answer and a start in the trail": """
        SELECT s.id FROM user_sessions s LEFT JOIN events e ON e.challenge_id = s.challenge_id
        AND (e.verdict = 'ACCEPTED' OR e.kind = 'session.started')
        GROUP BY s.id HAVING count(e.id) <> 2""",
    "I7: a code was asked for": """
        SELECT c.id FROM challenges c LEFT JOIN events e ON e.challenge_id = c.id
        AND e.kind IN ('code.asked', 'code.asked_again')
        GROUP BY c.id HAVING count(e.id) = 0""",
    "a code has its message": """
        SELECT c.id FROM challenges c LEFT JOIN messages m ON m.challenge_id = c.id
        WHERE m.id IS NULL""",
    "a message that ended says how": """
        SELECT id FROM messages WHERE (ended_at IS NULL) <> (outcome = '')""",
    "I10: a notice went to an address of the user it is about": """
        SELECT m.id FROM messages m JOIN events e ON e.id = m.event_id
        LEFT JOIN identifiers i ON i.id = m.identifier_id
        WHERE m.kind = 'notice' AND (i.id IS NULL OR i.user_id <> e.user_id)""",
    "I10: what was sent went to an address of the code's user": """
        SELECT m.id FROM messages m JOIN challenges c ON c.id = m.challenge_id
        LEFT JOIN identifiers i ON i.id = c.identifier_id
        WHERE m.outcome = 'sent' AND (c.user_id IS NULL OR i.user_id <> c.user_id)""",
}


def broken(engine: Engine) -> dict[str, list]:
    """Return the sentences that do not hold, each with the rows that break it."""
    with engine.connect() as connection:
        found = {
            sentence: [row[0] for row in connection.execute(text(query))]
            for sentence, query in MUST_HOLD.items()
        }
    return {sentence: rows for sentence, rows in found.items() if rows}
