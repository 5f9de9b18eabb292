"""The models of the benchmark as a user would write them in plain SimPy, to be measured against.

Poisson arrivals, exponential sizes of mean 1 s, ten workers with a queue each, random placement on
distinct workers. Random numbers come one at a time from a seeded NumPy generator, as in a script
that can be repeated. Each function returns the response times.
"""

import numpy as np
import simpy


def some(
    servers: list[simpy.Resource], count: int, rng: np.random.Generator
) -> list[simpy.Resource]:
    """Return some different servers at random."""
    return [servers[i] for i in rng.permutation(len(servers))[:count]]


def none(requests: int, rate: float, workers: int = 10) -> list[float]:
    """Serve each request on a random worker."""
    env = simpy.Environment()
    rng = np.random.default_rng(1)
    servers = [simpy.Resource(env) for _ in range(workers)]
    responses: list[float] = []

    def serve():
        arrived = env.now
        with servers[rng.integers(workers)].request() as turn:
            yield turn
            yield env.timeout(rng.exponential(1.0))
        responses.append(env.now - arrived)

    def source():
        for _ in range(requests):
            yield env.timeout(rng.exponential(1 / rate))
            env.process(serve())

    env.process(source())
    env.run()
    return responses


def copies(requests: int, rate: float, workers: int = 10) -> list[float]:
    """Serve each request on two workers; the first answer cancels the other, in service too."""
    env = simpy.Environment()
    rng = np.random.default_rng(1)
    servers = [simpy.Resource(env) for _ in range(workers)]
    responses: list[float] = []

    def copy(server):
        with server.request() as turn:
            try:
                yield turn
                yield env.timeout(rng.exponential(1.0))
            except simpy.Interrupt:
                return

    def serve():
        arrived = env.now
        both = [env.process(copy(server)) for server in some(servers, 2, rng)]
        yield both[0] | both[1]
        responses.append(env.now - arrived)
        for process in both:
            if process.is_alive:
                process.interrupt()

    def source():
        for _ in range(requests):
            yield env.timeout(rng.exponential(1 / rate))
            env.process(serve())

    env.process(source())
    env.run()
    return responses


def group(
    requests: int,
    rate: float,
    *,
    inputs: int,
    tasks: int,
    threshold: int,
    collage: bool,
    workers: int = 10,
) -> list[float]:
    """Serve groups: own tasks and a collage, or coded tasks; queued losers are dropped."""
    env = simpy.Environment()
    rng = np.random.default_rng(1)
    servers = [simpy.Resource(env) for _ in range(workers)]
    responses: list[float] = []

    def task(server, done, unneeded):
        with server.request() as turn:
            yield turn
            if unneeded():
                return
            yield env.timeout(rng.exponential(1.0))
        done()

    def serve_coded(arrivals):
        finished = env.event()
        count = 0

        def done():
            nonlocal count
            count += 1
            if count == threshold:
                finished.succeed()

        for server in some(servers, tasks, rng):
            env.process(task(server, done, lambda: finished.triggered))
        yield finished
        responses.extend(env.now - arrived for arrived in arrivals)

    def answer(answered, i, arrived):
        if i not in answered:
            answered.add(i)
            responses.append(env.now - arrived)

    def source():
        filling, answered, order = [], set(), []
        for _ in range(requests):
            yield env.timeout(rng.exponential(1 / rate))
            if collage:
                if not filling:
                    order, answered = some(servers[:-1], inputs, rng), set()
                i, arrived, mine = len(filling), env.now, answered
                env.process(
                    task(
                        order[i],
                        lambda i=i, a=arrived, m=mine: answer(m, i, a),
                        lambda i=i, m=mine: i in m,
                    )
                )
            filling.append(env.now)
            if len(filling) == inputs:
                if collage:
                    members, mine = filling, answered

                    def all_of(members=members, mine=mine):
                        for i, arrived in enumerate(members):
                            answer(mine, i, arrived)

                    env.process(task(servers[-1], all_of, lambda m=mine: len(m) == inputs))
                else:
                    env.process(serve_coded(filling))
                filling = []

    env.process(source())
    env.run()
    return responses
