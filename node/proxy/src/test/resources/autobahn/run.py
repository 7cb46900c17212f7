# Autobahn's fuzzing client against several servers: run.py FOLDER CASE,CASE,... NAME=URL ...
# Prints a line for each case and server: verdict NAME CASE BEHAVIOR CLOSE
import json
import sys
from autobahntestsuite import wstest

folder, cases, servers = sys.argv[1], sys.argv[2].split(','), sys.argv[3:]
spec = {
    'failByDrop': False,
    'outdir': folder,
    'servers': [
        {'agent': s.split('=', 1)[0], 'url': s.split('=', 1)[1], 'options': {'version': 18}}
        for s in servers],
    'cases': cases,
    'exclude-cases': [],
    'exclude-agent-cases': {},
}
wstest.start({'mode': 'fuzzingclient'}, spec)
with open(folder + '/index.json') as index:
    results = json.load(index)
for agent in sorted(results):
    for case in sorted(results[agent]):
        verdict = results[agent][case]
        print 'verdict', agent, case, verdict['behavior'].replace(' ', '-'), verdict['behaviorClose'].replace(' ', '-')
