"""Hand-worked cases of what requests carry: transfers, and encoding and decoding by a code.

An input has 8 numbers and travels plain in 16 bytes; a result has 2 numbers, 8 bytes. Links carry
8 bytes a second, so a plain input takes 2 s and a result 1 s. A core does 40 operations a second,
20 where it resizes, and finds the weights of a decoder in no time.
"""

import pytest
from payloads import Backed, TwoOfThree, Unknown, exact_rates  # noqa: F401
from worked import DROPPED, FINISHED, both_engines, fixed, requests_of, scripted, tasks_of, worked

CARRIED = {
    "input": {"numbers": 8, "bytes": 16, "answers": 2},
    "network": {"bandwidth": "8 B/s"},
}
AT_ONCE = {"input": CARRIED["input"]}  # no time on the way


@both_engines
def test_a_plain_input_and_its_result(engine):
    """An own task joins 2 s after its release and is credited 1 s after its finish."""
    result = worked(
        engine, {"kind": "none"}, arrivals=[0, 1], own=[4, 1], workers=fixed(1), **CARRIED
    )

    # task 0: joins at 2, 2-6, credited at 7; task 1: joins at 3, waits for the worker, 6-7, 8
    assert requests_of(result) == [(0, 7, "own"), (1, 8, "own")]
    assert tasks_of(result) == {
        0: ("own", 0, 0, 2, 6, FINISHED),
        1: ("own", 0, 1, 6, 7, FINISHED),
    }


@both_engines
def test_transfers_come_on_top_of_the_network(engine):
    """The times of the network and of the transfer add up, both ways."""
    network = {"to_worker": 0.5, "from_worker": 0.25, "bandwidth": "8 B/s"}
    result = worked(
        engine,
        {"kind": "none"},
        arrivals=[0],
        own=[4],
        workers=fixed(1),
        **CARRIED | {"network": network},
    )

    assert requests_of(result) == [(0, 0.5 + 2 + 4 + 0.25 + 1, "own")]


@both_engines
def test_a_policy_has_a_bandwidth_and_a_rate_of_its_own(engine):
    """What a policy gives replaces the scenario's, key by key: the time to the worker stays."""
    result = worked(
        engine,
        {"policy": TwoOfThree(), "network": {"bandwidth": "16 B/s"}, "master": {"rate": 80}},
        arrivals=[0, 0],
        redundant=[[1], [1], [1]],
        workers=fixed(3),
        **CARRIED | {"network": {"to_worker": 0.5, "bandwidth": "8 B/s"}},
    )

    # encoded at 80 / 80 = 1; 32 and 36 bytes take 2 and 2.25 s; 1 + 0.5 + 2.25 + 1 = 4.75, back
    # 0.5 s; decoded in 6 / 80 s
    assert requests_of(result) == [(0, 5.25 + 0.075, "coded")] * 2


@both_engines
def test_copies_and_hedges_carry_the_plain_input(engine):
    """A copy is the request itself; a hedge too."""
    for policy, released in (
        ({"kind": "replication", "copies": 2}, 0),
        ({"kind": "hedge", "delay": 1}, 1),
    ):
        result = worked(
            engine,
            policy,
            arrivals=[0],
            own=[20],
            redundant=[[3]],
            workers=fixed(2),
            cancel="never",
            **CARRIED,
        )

        assert requests_of(result)[0][1] == released + 2 + 3 + 1
        assert tasks_of(result)[1][2:5] == (released, released + 2, released + 5)


@both_engines
def test_coded_tasks_are_encoded_sent_and_decoded(engine):
    """Encoding and decoding take the code's operations over the rate; each task its own numbers."""
    result = worked(
        engine,
        {"policy": TwoOfThree()},
        arrivals=[0, 1],
        redundant=[[1], [1], [1]],
        workers=fixed(3),
        cancel="never",
        **CARRIED,
    )

    # full at 1; 10 x 8 operations: encoded at 3. 8, 9 and 10 numbers of 4 bytes: 4, 4.5 and 5 s.
    # Served at 7, 7.5, 8 for 1 s, back 1 s: the second is in at 9.5. Decoded in 3 x 2 / 40 = 0.15.
    assert requests_of(result) == [(0, 9.65, "coded"), (1, 9.65, "coded")]
    assert [row[2:5] for row in tasks_of(result).values()] == [
        (3, 7, 8),
        (3, 7.5, 8.5),
        (3, 8, 9),
    ]


@both_engines
def test_half_precision_takes_half_the_time(engine):
    """Of coded inputs only: results are float32 all the same, and coding takes as long."""
    result = worked(
        engine,
        {"policy": TwoOfThree()},
        arrivals=[0, 1],
        redundant=[[1], [1], [1]],
        workers=fixed(3),
        **CARRIED | {"input": {**CARRIED["input"], "precision": "float16"}},
    )

    # 2, 2.25 and 2.5 s instead of 4, 4.5 and 5
    assert requests_of(result) == [(0, 7.4, "coded"), (1, 7.4, "coded")]


@both_engines
def test_workers_that_encode_are_sent_all_plain_inputs(engine):
    """Each makes its own coded input: a third of the operations, as part of its size."""
    result = worked(
        engine,
        {"policy": TwoOfThree(encode_at="workers")},
        arrivals=[0, 1],
        redundant=[[1], [2], [3]],
        workers=fixed(3),
        decode=0,
        **CARRIED | {"master": {"rate": 26.666666666666668}},
    )

    # sent at 1: two inputs of 16 bytes take 4 s. 80 / 3 operations take 1 s. 5 + 1 + 2 + 1 = 9
    assert requests_of(result) == [(0, 9, "coded"), (1, 9, "coded")]
    assert [row[2:5] for row in tasks_of(result).values()] == [(1, 5, 7), (1, 5, 8), (1, 5, 9)]


@pytest.mark.parametrize("given", ["encode", "decode"])
@both_engines
def test_what_is_given_wins(engine, given):
    """A time that is given stands, 0 too; the other is that of the code."""
    for time in (0, 0.5):
        result = worked(
            engine,
            {"policy": TwoOfThree(), given: time},
            arrivals=[0, 0],
            redundant=[[1], [1], [1]],
            workers=fixed(3),
            **AT_ONCE,
        )

        coding = time + 0.15 if given == "encode" else 2 + time
        assert requests_of(result) == [(0, 1 + coding, "coded")] * 2


@both_engines
def test_encoding_by_the_code_queues_at_the_master(engine):
    """Two groups at once on one core: the second is encoded when the first is, and so decoded."""
    result = worked(
        engine,
        {"policy": TwoOfThree()},
        arrivals=[0, 0, 0, 0],
        redundant=[[1, 1], [1, 1], [9, 9]],
        workers={"count": 6, "queue": "shared"},
        **AT_ONCE | {"master": {"cores": 1}},
    )

    # encode 0-2 and 2-4; results at 3 and 5: decoded 4-4.15 (the core is busy until 4), 5-5.15
    assert requests_of(result) == [(0, 4.15, "coded")] * 2 + [(0, 5.15, "coded")] * 2


@both_engines
def test_own_tasks_beside_a_parity(engine):
    """Own tasks are sent plain and answer alone; the parity is sent what the code says."""
    result = worked(
        engine,
        {"policy": Backed()},
        arrivals=[0, 0],
        own=[1, 50],
        redundant=[[1]],
        workers=fixed(3),
        cancel="running",
        **CARRIED,
    )

    # own 0: 2-3, credited at 4. Encoded at 2, 10 numbers: 40 bytes take 5 s: 7-8, credited at 9,
    # decoded at 9.15
    assert requests_of(result) == [(0, 4, "own"), (0, 9.15, "parity")]


@both_engines
def test_a_collage_answers_its_whole_group(engine):
    """Its result has the answers of all requests; its code is decoded for nothing, so at once."""
    result = worked(
        engine,
        {"policy": Backed(role="collage")},
        arrivals=[0, 0],
        own=[50, 50],
        redundant=[[1]],
        workers=fixed(3),
        cancel="running",
        **CARRIED,
    )

    # encoded at 2, 8 numbers take 4 s: 6-7; two answers of 8 bytes take 2 s
    assert requests_of(result) == [(0, 9, "collage")] * 2


@both_engines
def test_without_a_code_an_input_is_encoded_in_no_time(engine):
    """Whose code is unknown sends as many numbers as an input has."""
    result = worked(
        engine,
        {"policy": Unknown()},
        arrivals=[0, 0],
        own=[1, 50],
        redundant=[[1]],
        workers=fixed(3),
        cancel="running",
        **CARRIED,
    )

    # 32 bytes take 4 s: 4-5, credited at 6
    assert requests_of(result) == [(0, 4, "own"), (0, 6, "parity")]


@both_engines
def test_resends_carry_the_plain_input(engine):
    """By the authors' rule: late images are sent anew, 2 s there and 1 s back as any own task."""
    result = worked(
        engine,
        {"kind": "collage", "grid": 1, "use": "timeout", "timeout": 10},
        arrivals=[0],
        own=[30],
        redundant=[[30], [2]],
        workers=scripted(3, own=[0], redundant=[[1], [2]]),
        encode=0,
        decode=0,
        **CARRIED,
    )

    # nobody is in at 10: sent anew, 12-14, credited at 15
    assert requests_of(result) == [(0, 15, "resend")]
    assert tasks_of(result)[2][2:5] == (10, 12, 14)


@both_engines
def test_a_task_may_be_cancelled_on_its_way(engine):
    """What is still on the link when nobody needs it is dropped, and never starts."""
    result = worked(
        engine,
        {"policy": Backed()},
        arrivals=[0, 0],
        own=[1, 1],
        redundant=[[1]],
        workers=fixed(3),
        **CARRIED,
    )

    # both answered at 2 + 1 + 1 = 4; the parity is on its way from 2 to 7
    assert requests_of(result) == [(0, 4, "own")] * 2
    assert tasks_of(result)[2][5] == DROPPED


@both_engines
def test_without_the_key_nothing_is_carried(engine):
    """A policy with a code encodes in no time unless the scenario says what requests carry."""
    result = worked(
        engine,
        {"policy": TwoOfThree()},
        arrivals=[0, 0],
        redundant=[[1], [1], [1]],
        workers=fixed(3),
    )

    assert requests_of(result) == [(0, 1, "coded")] * 2


@both_engines
def test_a_lagrange_code(engine):
    """2 K N D = 2 x 2 x 4 x 8 operations to encode, 2 K R C = 2 x 2 x 3 x 2 to decode."""
    result = worked(
        engine,
        {"kind": "lagrange", "inputs": 2, "tasks": 4, "threshold": 3},
        arrivals=[0, 1],
        redundant=[[1], [2], [3], [9]],
        workers=fixed(4),
        **CARRIED | {"master": {"rate": 128}},
    )

    # full at 1, encoded at 2, 32 bytes in 4 s: 6-9 the third, back at 10, decoded in 24 / 128
    assert requests_of(result) == [(0, 10.1875, "coded"), (1, 10.1875, "coded")]
