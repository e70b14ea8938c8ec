"""The only writes: papers, asking, sittings, answers, questions, proof. Each module keeps one part."""
